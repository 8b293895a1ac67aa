import { defineConfig } from '@playwright/test';

const PORT = Number(process.env.SPARRING_E2E_PORT ?? 4317);
// The native program serves what it ships with; without it, Vite serves the same files.
const program = process.env.SPARRING_BIN;
const serve = program ? `"${program}" serve --port ${PORT}` : `npx vite preview --host 127.0.0.1 --port ${PORT} --strictPort`;

const always = ['--no-sandbox', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'];
// A WebGPU adapter in software: it needs no graphics hardware.
const software = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-vulkan=swiftshader', '--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader'];

const chromium = (args: string[]) => ({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...always, ...args] });

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  forbidOnly: Boolean(process.env.CI),
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: { baseURL: `http://127.0.0.1:${PORT}/`, trace: 'off' },
  projects: [
    { name: 'cpu', testIgnore: /webgpu\.spec/, use: { launchOptions: chromium([]) } },
    { name: 'webgpu', testMatch: /webgpu\.spec/, timeout: 900_000, use: { launchOptions: chromium(software) } },
  ],
  webServer: { command: serve, cwd: program ? '..' : '.', url: `http://127.0.0.1:${PORT}/`, reuseExistingServer: false, timeout: 30_000 },
});
