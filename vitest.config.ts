import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // English, whatever the machine speaks: an empty value is none.
    env: { LANG: 'C.UTF-8', LC_ALL: '', LC_MESSAGES: '', LANGUAGE: '', SECKILL_LANG: '' },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // What is waited for comes; how soon is the machine's matter.
    expect: { poll: { timeout: 15_000 } },
  },
})
