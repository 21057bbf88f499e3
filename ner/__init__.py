"""How the detector's named-entity model is made: lists × templates × carriers → `tactful/privacy/ner/model`."""
