import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { lean } from './lean.ts';

/** The crate's version is the page's version. */
function version(): string {
  const manifest = readFileSync(new URL('../Cargo.toml', import.meta.url), 'utf8');
  const found = /^version\s*=\s*"([^"]+)"/m.exec(manifest);
  if (!found?.[1]) throw new Error('Cargo.toml has no version');
  return found[1];
}

/** The development server injects styles and a socket that the page's policy forbids; the built page and its preview keep the policy. */
function withoutPolicyInDevelopment(): Plugin {
  return {
    name: 'without-policy-in-development',
    apply: (_, { command, isPreview }) => command === 'serve' && isPreview !== true,
    transformIndexHtml: (html) => html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''),
  };
}

export default defineConfig({
  // Relative, so that the page works in any folder of any host; no fallback page, so that a missing file is a 404.
  base: './',
  appType: 'mpa',
  plugins: [lean(), svelte(), withoutPolicyInDevelopment()],
  define: { __SPARRING_VERSION__: JSON.stringify(version()) },
  build: { outDir: '../dist', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  worker: { format: 'es', plugins: () => [lean()] },
  test: { include: ['tests/unit/**/*.test.ts'], environment: 'node' },
});
