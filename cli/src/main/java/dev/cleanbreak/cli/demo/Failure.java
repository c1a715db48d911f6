package dev.cleanbreak.cli.demo;

/**
 * A cell that could not be run.
 *
 * @param what what went wrong
 */
record Failure(Cell cell, String what) implements Report {}
