/** A property as JMeter saves it. */
export const prop = (name: string, value: string | number | boolean): string => {
  const tag = typeof value === 'string' ? 'stringProp' : typeof value === 'number' ? 'intProp' : 'boolProp'
  return `<${tag} name="${name}">${escapeXml(String(value))}</${tag}>`
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

interface Saved {
  readonly name?: string
  readonly enabled?: boolean
  readonly gui?: string
  readonly props?: readonly string[]
  readonly below?: readonly string[]
}

/** An element with the hashTree of what is below it. */
export const element = (
  tag: string,
  { name = tag, enabled = true, gui = `${tag}Gui`, props = [], below = [] }: Saved = {},
): string =>
  [
    `<${tag} guiclass="${gui}" testclass="${tag}" testname="${escapeXml(name)}" enabled="${enabled}">`,
    ...props,
    `</${tag}>`,
    below.length === 0 ? '<hashTree/>' : `<hashTree>\n${below.join('\n')}\n</hashTree>`,
  ].join('\n')

const pairs = (name: string, type: string, list: readonly string[]): string =>
  `<elementProp name="${name}" elementType="Arguments"><collectionProp name="Arguments.arguments">\n${list
    .map((inside, i) => `<elementProp name="${i}" elementType="${type}">${inside}</elementProp>`)
    .join('\n')}\n</collectionProp></elementProp>`

type Fields = Readonly<Record<string, string>>

const argument = ([name, value]: readonly [string, string]): string =>
  prop('HTTPArgument.always_encode', true) +
  prop('Argument.name', name) +
  prop('Argument.value', value) +
  prop('Argument.metadata', '=')

interface Request {
  readonly method?: string
  readonly url?: URL
  readonly path?: string
  readonly form?: Fields
  readonly body?: string
  readonly enabled?: boolean
  readonly below?: readonly string[]
}

export const sampler = (
  name: string,
  { method = 'POST', url, path, form = {}, body, enabled, below }: Request = {},
): string =>
  element('HTTPSamplerProxy', {
    name,
    gui: 'HttpTestSampleGui',
    ...(enabled === undefined ? {} : { enabled }),
    ...(below === undefined ? {} : { below }),
    props: [
      ...(url === undefined ? [] : [...server(url), prop('HTTPSampler.path', url.pathname + url.search)]),
      ...(path === undefined ? [] : [prop('HTTPSampler.path', path)]),
      prop('HTTPSampler.method', method),
      prop('HTTPSampler.follow_redirects', true),
      ...(body === undefined ? [] : [prop('HTTPSampler.postBodyRaw', true)]),
      pairs(
        'HTTPsampler.Arguments',
        'HTTPArgument',
        body === undefined ? Object.entries(form).map(argument) : [argument(['', body])],
      ),
    ],
  })

const server = (url: URL): string[] => [
  prop('HTTPSampler.domain', url.hostname),
  prop('HTTPSampler.port', url.port),
  prop('HTTPSampler.protocol', url.protocol.slice(0, -1)),
]

export const httpDefaults = (url: URL): string =>
  element('ConfigTestElement', { name: 'HTTP Request Defaults', gui: 'HttpDefaultsGui', props: server(url) })

export const headerManager = (headers: Fields): string =>
  element('HeaderManager', {
    gui: 'HeaderPanel',
    props: [
      `<collectionProp name="HeaderManager.headers">${Object.entries(headers)
        .map(
          ([name, value]) =>
            `<elementProp name="" elementType="Header">${prop('Header.name', name)}${prop('Header.value', value)}</elementProp>`,
        )
        .join('\n')}</collectionProp>`,
    ],
  })

export const userVariables = (variables: Fields): string =>
  element('Arguments', {
    name: 'User Defined Variables',
    gui: 'ArgumentsPanel',
    props: [
      `<collectionProp name="Arguments.arguments">${Object.entries(variables)
        .map(
          ([name, value]) =>
            `<elementProp name="${name}" elementType="Argument">${prop('Argument.name', name)}${prop('Argument.value', value)}</elementProp>`,
        )
        .join('\n')}</collectionProp>`,
    ],
  })

export const responseAssertion = (texts: readonly string[], type: number, field = 'Assertion.response_data'): string =>
  element('ResponseAssertion', {
    gui: 'AssertionGui',
    props: [
      `<collectionProp name="Asserion.test_strings">${texts.map((text, i) => prop(String(i), text)).join('')}</collectionProp>`,
      prop('Assertion.test_field', field),
      prop('Assertion.test_type', type),
    ],
  })

interface Group {
  readonly threads?: string | number
  readonly loops?: string | number
  readonly ramp?: number
  readonly seconds?: number
  readonly enabled?: boolean
}

export const threadGroup = (
  name: string,
  { threads = 10, loops = 1, ramp = 0, seconds, enabled }: Group,
  below: readonly string[],
): string =>
  element('ThreadGroup', {
    name,
    below,
    ...(enabled === undefined ? {} : { enabled }),
    props: [
      prop('ThreadGroup.num_threads', threads),
      prop('ThreadGroup.ramp_time', ramp),
      prop('ThreadGroup.on_sample_error', 'continue'),
      prop('ThreadGroup.scheduler', seconds !== undefined),
      prop('ThreadGroup.duration', seconds ?? ''),
      `<elementProp name="ThreadGroup.main_controller" elementType="LoopController" guiclass="LoopControlPanel" testclass="LoopController">${prop('LoopController.loops', loops)}${prop('LoopController.continue_forever', false)}</elementProp>`,
    ],
  })

/** A whole plan as JMeter 5.6 saves it. */
export const plan = (below: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<jmeterTestPlan version="1.2" properties="5.0" jmeter="5.6.3">
<hashTree>
${element('TestPlan', { name: 'Test Plan', gui: 'TestPlanGui', below })}
</hashTree>
</jmeterTestPlan>
`
