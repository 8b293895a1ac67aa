import 'uplot/dist/uPlot.min.css';
import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { type Sparring, embed } from './embed';
import { Lab } from './lab/lab.svelte';
import { LatentRoom } from './latent/latent.svelte';

declare global {
  interface Window {
    sparring: Sparring;
  }
}

const lab = new Lab();
const room = new LatentRoom();
window.sparring = embed(lab, room);
mount(App, { target: document.getElementById('app') as HTMLElement, props: { lab, room } });
void lab.start(location.hash);
