/** The Chinese table, fetched when it is chosen. */
import type { Words } from '../en';
import { doctor } from './doctor';
import { drawing } from './drawing';
import { engine } from './engine';
import { evidence } from './evidence';
import { failures } from './failures';
import { film } from './film';
import { lab } from './lab';
import { latent } from './latent';
import { model } from './model';
import { numbers } from './numbers';
import { page } from './page';
import { settings } from './settings';
import { slow } from './slow';
import { stage } from './stage';

export const zh: Words = { numbers, page, lab, stage, slow, evidence, doctor, failures, settings, drawing, film, latent, model, engine };
