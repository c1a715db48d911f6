package dev.cleanbreak.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each Java block of the pages is a snippet of a program that the tests run, and its page names the
 * packages that the program imports for it.
 */
class SnippetsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern SNIPPET =
      Pattern.compile("// snippet: (\\w+)\\n(.*?)\\n[ ]*// end\\n", Pattern.DOTALL);
  private static final Pattern IMPORT = Pattern.compile("import ([a-z0-9.]+)\\.(\\w+);");
  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- snippet: (\\w+) -->\\n)?```java\\n(.*?)\\n```", Pattern.DOTALL);

  @TestFactory
  List<DynamicTest> everyBlockIsASnippet() throws IOException {
    Map<String, Snippet> snippets = snippets();
    List<DynamicTest> tests = new ArrayList<>();
    for (Path page : pages()) {
      String content = Files.readString(page);
      Matcher block = BLOCK.matcher(content);
      while (block.find()) {
        String name = block.group(1);
        String text = block.group(2);
        tests.add(
            DynamicTest.dynamicTest(
                page.getFileName() + ": " + name,
                () -> {
                  assertTrue(snippets.containsKey(name), "no snippet named " + name);
                  assertEquals(snippets.get(name).text(), text);
                  for (String each : snippets.get(name).packages()) {
                    assertTrue(
                        content.contains("`" + each + "`"), "the page does not name " + each);
                  }
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
  private static Map<String, Snippet> snippets() throws IOException {
    Map<String, Snippet> found = new HashMap<>();
    for (String module : List.of("examples", "drivers")) {
      for (Path source : filesBelow(ROOT.resolve(module).resolve("src"), ".java")) {
        String content = Files.readString(source);
        Matcher snippet = SNIPPET.matcher(content);
        while (snippet.find()) {
          String text = snippet.group(2).stripIndent();
          found.put(snippet.group(1), new Snippet(text, packages(content, text)));
        }
      }
    }
    return found;
  }

  private record Snippet(String text, Set<String> packages) {}

  /** Those of the types that the snippet uses and its source imports, but for the tests' own. */
  private static Set<String> packages(String source, String snippet) {
    Set<String> words = new HashSet<>(List.of(snippet.split("\\W+")));
    return IMPORT
        .matcher(source)
        .results()
        .filter(each -> words.contains(each.group(2)))
        .map(each -> each.group(1))
        .filter(each -> !each.startsWith("org.junit"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Path> filesBelow(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(each -> each.toString().endsWith(suffix)).toList();
    }
  }
}
