package dev.cleanbreak.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of which the part between two markers is generated. */
record MarkedPage(Path path) {
  static final String BEGIN = "<!-- bench: begin -->";
  static final String END = "<!-- bench: end -->";

  /** Fails now rather than after the benchmarks if there is no such page. */
  void check() throws IOException {
    split(Files.readString(path));
  }

  /** Replaces what stands between the markers. */
  void replace(String generated) throws IOException {
    Parts page = split(Files.readString(path));
    Files.writeString(
        path, page.before + BEGIN + "\n\n" + generated.strip() + "\n\n" + END + page.after);
  }

  private record Parts(String before, String after) {}

  private Parts split(String page) throws IOException {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException(
          path
              + " has no part to rewrite; put a line "
              + BEGIN
              + " and a line "
              + END
              + " into it");
    }
    return new Parts(page.substring(0, begin), page.substring(end + END.length()));
  }
}
