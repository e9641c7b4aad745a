import { say } from '../../language/say.js'
import type { ElementKind } from '../draft.js'

/** What shows or writes results. */
export const listeners: ElementKind = {
  tags: ['ResultCollector', 'Summariser', 'BackendListener', 'ResultSaver', 'DNSCacheManager', 'CacheManager'],
  read: (element, { notes }) => {
    if (element.tag === 'CacheManager' || element.tag === 'DNSCacheManager')
      notes.add('unnecessary', element, say`a purchase is never cached`)
    else notes.add('unnecessary', element, say`every attempt is kept in the run log: seckill report`)
  },
}
