package dev.cleanbreak.cli.demo;

/** What is between the client and the printer. */
enum Wire {
  PLAIN,
  TLS
}
