/** @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
export default {
  // Every component is in runes mode; what the compiler warns of fails `npm run check`.
  compilerOptions: { runes: true },
};
