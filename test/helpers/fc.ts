import fc from 'fast-check'

// The same values in every run. PROPERTY_SEED=$RANDOM looks at others; what it finds becomes an example of its own.
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20_261_127) })

export { fc }
