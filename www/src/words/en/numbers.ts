import { numbersIn } from '../numbers';

export const numbers = numbersIn('\u00a0%');
