import { numbersIn } from '../numbers';

export const numbers = numbersIn('zh-Hans', '%');
