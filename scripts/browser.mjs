import { existsSync } from 'node:fs'
import { findOnPath } from './command.mjs'
import { ensure } from './install.mjs'

/** How each package manager brings Chromium. */
const INSTALL = {
  'apt-get':
    'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium || DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium-browser',
  apk: 'apk add --no-cache chromium',
  dnf: 'dnf install -y chromium',
  pacman: 'pacman -Sy --noconfirm chromium',
  brew: 'brew install --cask chromium',
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

const MAC_APPS = ['Google Chrome', 'Chromium'].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`)

/** The path of Chromium or Chrome: CHROME_PATH, on PATH, or an application of macOS; undefined where there is none. */
export const findBrowser = () => {
  const { CHROME_PATH } = process.env
  return (CHROME_PATH && existsSync(CHROME_PATH) ? CHROME_PATH : findOnPath(...NAMES)) ?? MAC_APPS.find(existsSync)
}

/** The path of a browser for the tests of reports, which is installed where there is none. */
export const ensureBrowser = () =>
  ensure({
    find: findBrowser,
    missing: 'no Chromium or Chrome on PATH, which the tests of reports need',
    byTool: INSTALL,
    byHand: 'install Chromium or Chrome, or name one with CHROME_PATH',
  })
