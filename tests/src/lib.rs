//! End-to-end tests: builds distros and runs them against real clients and servers
