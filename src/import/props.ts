import { type Element, elementsOf } from './xml.js'

/** The properties of an element, by name: whether JMeter saved them as stringProp, intProp or another one differs by its version. */
export class Props {
  readonly #element: Element

  constructor(element: Element) {
    this.#element = element
  }

  /** What its `testclass` or `guiclass` ends with tells elements of one tag apart. */
  attribute(name: string): string {
    return this.#element.getAttribute(name) ?? ''
  }

  /** The text of a property; empty where there is none. */
  text(name: string): string {
    const found = this.#named(name)
    if (found === undefined) return ''
    // doubleProp and objProp hold a name and a value.
    const value = elementsOf(found).find(({ tagName }) => tagName === 'value')
    return (value ?? found).textContent ?? ''
  }

  flag(name: string): boolean {
    return this.text(name) === 'true'
  }

  /** The properties of an elementProp. */
  element(name: string): Props | undefined {
    const found = this.#named(name)
    return found && new Props(found)
  }

  /** What a collectionProp holds, as elements with properties of their own. */
  list(name: string): Props[] {
    const found = this.#named(name)
    return found === undefined ? [] : elementsOf(found).map((element) => new Props(element))
  }

  /** What a collectionProp of plain properties holds. */
  texts(name: string): string[] {
    const found = this.#named(name)
    return found === undefined ? [] : elementsOf(found).map(({ textContent }) => textContent ?? '')
  }

  #named(name: string): Element | undefined {
    return elementsOf(this.#element).find(
      (element) =>
        element.getAttribute('name') === name ||
        // <doubleProp><name>throughput</name>…
        elementsOf(element).some(({ tagName, textContent }) => tagName === 'name' && textContent === name),
    )
  }
}
