package dev.cleanbreak.cli.agent;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files that the commands write, at a place that somebody chose. */
final class Output {
  private Output() {}

  /**
   * Finds out, before anything is done, that a recording can be written; leaves it empty.
   *
   * @throws Refused if it cannot
   */
  static void demandWritable(Path file) throws Refused {
    try {
      Files.write(file, new byte[0]);
    } catch (IOException e) {
      throw new Refused("the recording cannot be written: " + why(file, e), e);
    }
  }

  /** Why {@code file} cannot be written, and what to do. */
  static String why(Path file, IOException e) {
    if (Files.isDirectory(file)) {
      return file + " is a folder; give a file with --out";
    }
    return switch (e) {
      case NoSuchFileException none ->
          file + " has no folder to be in; make it, or choose another with --out";
      case AccessDeniedException denied ->
          file + " may not be written by this user; choose another with --out";
      default -> file + ": " + e.getMessage() + "; choose another with --out";
    };
  }
}
