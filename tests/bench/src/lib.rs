//! Load generator and counting sink: items per CPU-second of a collector
