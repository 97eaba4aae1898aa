"""The learning tandem: measures that a partner city adopts, adapts, signs off and reports back on."""
