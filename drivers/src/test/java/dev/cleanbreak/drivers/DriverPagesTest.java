package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each Java block of docs/drivers is a snippet of a program that the tests of this module run. */
class DriverPagesTest {
  private static final Path PAGES = Path.of("").toAbsolutePath().resolveSibling("docs/drivers");
  private static final Pattern SNIPPET =
      Pattern.compile("// snippet: (\\w+)\\n(.*?)\\n[ ]*// end\\n", Pattern.DOTALL);
  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- snippet: (\\w+) -->\\n)?```java\\n(.*?)\\n```", Pattern.DOTALL);

  @TestFactory
  List<DynamicTest> everyBlockIsASnippet() throws IOException {
    Map<String, String> snippets = snippets();
    List<DynamicTest> tests = new ArrayList<>();
    for (Path page : files(PAGES, ".md")) {
      Matcher block = BLOCK.matcher(Files.readString(page));
      while (block.find()) {
        String name = block.group(1);
        String text = block.group(2);
        tests.add(
            DynamicTest.dynamicTest(
                page.getFileName() + ": " + name,
                () -> {
                  assertTrue(snippets.containsKey(name), "no snippet named " + name);
                  assertEquals(snippets.get(name), text);
                }));
      }
    }
    assertFalse(tests.isEmpty());
    return tests;
  }

  private static Map<String, String> snippets() throws IOException {
    Map<String, String> found = new HashMap<>();
    for (Path source : files(Path.of("src"), ".java")) {
      Matcher snippet = SNIPPET.matcher(Files.readString(source));
      while (snippet.find()) {
        found.put(snippet.group(1), snippet.group(2).stripIndent());
      }
    }
    return found;
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(each -> each.toString().endsWith(suffix)).toList();
    }
  }
}
