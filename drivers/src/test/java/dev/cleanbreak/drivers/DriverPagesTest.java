package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each Java block of docs/drivers is a snippet of a program that the tests run. */
class DriverPagesTest {
  private static final Path PAGES =
      Path.of("").toAbsolutePath().resolveSibling("docs").resolve("drivers");
  private static final Pattern SNIPPET =
      Pattern.compile("// snippet: (\\w+)\\n(.*?)\\n[ ]*// end\\n", Pattern.DOTALL);
  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- snippet: (\\w+) -->\\n)?```java\\n(.*?)\\n```", Pattern.DOTALL);

  static Stream<Path> pages() throws IOException {
    return Files.list(PAGES).filter(page -> !page.endsWith("README.md"));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyBlockIsASnippet(Path page) throws IOException {
    Map<String, String> snippets = snippets();
    Matcher block = BLOCK.matcher(Files.readString(page));
    int blocks = 0;
    while (block.find()) {
      blocks++;
      assertEquals(snippets.get(block.group(1)), block.group(2), "snippet " + block.group(1));
    }
    assertTrue(blocks > 0, "blocks found in " + page);
  }

  private static Map<String, String> snippets() throws IOException {
    Map<String, String> found = new HashMap<>();
    try (Stream<Path> sources = Files.walk(Path.of("src", "test"))) {
      for (Path source : sources.filter(each -> each.toString().endsWith(".java")).toList()) {
        Matcher snippet = SNIPPET.matcher(Files.readString(source));
        while (snippet.find()) {
          found.put(snippet.group(1), snippet.group(2).stripIndent());
        }
      }
    }
    return found;
  }
}
