package dev.cleanbreak.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** Each Java block of the pages is a snippet of a program that the tests run. */
class SnippetsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern SNIPPET =
      Pattern.compile("// snippet: (\\w+)\\n(.*?)\\n[ ]*// end\\n", Pattern.DOTALL);
  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- snippet: (\\w+) -->\\n)?```java\\n(.*?)\\n```", Pattern.DOTALL);

  @TestFactory
  List<DynamicTest> everyBlockIsASnippet() throws IOException {
    Map<String, String> snippets = snippets();
    List<DynamicTest> tests = new ArrayList<>();
    for (Path page : pages()) {
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
    assertTrue(tests.size() > 5, "blocks found: " + tests.size());
    return tests;
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(filesBelow(ROOT.resolve("docs"), ".md"));
    pages.add(ROOT.resolve("README.md"));
    return pages;
  }

  /** The drivers' snippets are run where their servers are. */
  private static Map<String, String> snippets() throws IOException {
    Map<String, String> found = new HashMap<>();
    for (String module : List.of("examples", "drivers")) {
      for (Path source : filesBelow(ROOT.resolve(module).resolve("src"), ".java")) {
        Matcher snippet = SNIPPET.matcher(Files.readString(source));
        while (snippet.find()) {
          found.put(snippet.group(1), snippet.group(2).stripIndent());
        }
      }
    }
    return found;
  }

  private static List<Path> filesBelow(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(each -> each.toString().endsWith(suffix)).toList();
    }
  }
}
