module mioloop/benches/echo

go 1.21
