import { numbersIn } from '../numbers';

export const numbers = numbersIn('en', '\u00a0%');
