"""A subset of BPMN 2.0.2 (ISO/IEC 19510) in and out; docs/process.md lists it."""
