import { say } from '../../language/say.js'
import type { ElementKind } from '../draft.js'

/** "HTTP Request Defaults": the tag is that of several elements. */
export const httpDefaults: ElementKind = {
  tags: ['ConfigTestElement'],
  read: (element, draft) => {
    if (/^HttpDefaults/.test(element.props.attribute('guiclass'))) draft.defaults.unshift(element.props)
    else draft.notes.add('dropped', element, say`no defaults of HTTP requests: not kept`)
  },
}

/** How a request is sent is the transport's business. */
const OWN = /^(content-length|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer|host|accept-encoding)$/i

export const headerManager: ElementKind = {
  tags: ['HeaderManager'],
  read: (element, { headers, variables, notes }) => {
    for (const header of element.props.list('HeaderManager.headers')) {
      const name = header.text('Header.name').trim()
      const value = header.text('Header.value')
      if (name === '') continue
      if (OWN.test(name)) {
        notes.add('unnecessary', element, say`header ${name}: seckill writes it itself`)
        continue
      }
      variables.learn(value)
      headers.set(name.toLowerCase(), { name, value, element })
    }
  },
}
