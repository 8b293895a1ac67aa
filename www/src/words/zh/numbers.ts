import { numbersIn } from '../numbers';

export const numbers = numbersIn('%');
