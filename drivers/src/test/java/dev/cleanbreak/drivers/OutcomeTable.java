package dev.cleanbreak.drivers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What became of each cut of one client, as a table of Markdown. */
final class OutcomeTable {
  private static final Path PAGES =
      Path.of("").toAbsolutePath().resolveSibling("docs").resolve("drivers");
  private static final String HEAD =
      """
      | cut | by | the client says | who did it | the connection | the server |
      | --- | --- | --- | --- | --- | --- |
      """;

  /** What is seen of one cut, apart from where and how it was made. */
  record Outcome(String said, String who, String connection, String server) {}

  private record Where(Place place, boolean tls) implements Comparable<Where> {
    @Override
    public int compareTo(Where other) {
      int byPlace = place.compareTo(other.place);
      return byPlace == 0 ? Boolean.compare(tls, other.tls) : byPlace;
    }
  }

  private record By(How how, ThreadKind thread) {}

  private final Map<Where, Map<By, Outcome>> rows = new TreeMap<>();

  synchronized void add(Place place, boolean tls, How how, ThreadKind thread, Outcome outcome) {
    rows.computeIfAbsent(new Where(place, tls), any -> new LinkedHashMap<>())
        .put(new By(how, thread), outcome);
  }

  synchronized int size() {
    return rows.values().stream().mapToInt(Map::size).sum();
  }

  /** Cuts with one outcome share a line; plain and TLS do where they are alike throughout. */
  synchronized String text() {
    StringBuilder text = new StringBuilder(HEAD);
    for (Place place : Place.values()) {
      Map<By, Outcome> plain = rows.getOrDefault(new Where(place, false), Map.of());
      Map<By, Outcome> tls = rows.getOrDefault(new Where(place, true), Map.of());
      boolean differ = !plain.isEmpty() && !tls.isEmpty() && !plain.equals(tls);
      lines(text, place.text + (differ ? ", plain" : ""), plain);
      if (plain.isEmpty() || differ) {
        lines(text, place.text + (differ ? ", TLS" : ""), tls);
      }
    }
    return text.toString();
  }

  private static void lines(StringBuilder text, String place, Map<By, Outcome> outcomes) {
    Map<Outcome, Set<By>> merged = new LinkedHashMap<>();
    for (How how : How.values()) {
      for (ThreadKind thread : ThreadKind.values()) {
        Outcome outcome = outcomes.get(new By(how, thread));
        if (outcome != null) {
          merged.computeIfAbsent(outcome, any -> new LinkedHashSet<>()).add(new By(how, thread));
        }
      }
    }
    merged.forEach((outcome, by) ->
        text.append(
            "| %s | %s | %s | %s | %s | %s |%n"
                .formatted(
                    place, by(by), outcome.said, outcome.who, outcome.connection, outcome.server)));
  }

  private static String by(Set<By> all) {
    Map<How, Set<ThreadKind>> threads = new EnumMap<>(How.class);
    for (By by : all) {
      threads.computeIfAbsent(by.how, any -> new LinkedHashSet<>()).add(by.thread);
    }
    StringBuilder text = new StringBuilder();
    threads.forEach((how, kinds) -> {
      text.append(text.isEmpty() ? "" : ", ").append(how.text);
      if (kinds.size() == 1) {
        text.append(kinds.contains(ThreadKind.VIRTUAL) ? " (virtual)" : " (platform)");
      }
    });
    return text.toString();
  }

  /**
   * The page's table, between its two marks, is this one. With {@code -DwriteTables=true} it is put
   * there first.
   */
  void assertStandsIn(String page, String name) throws IOException {
    String seen = text();
    System.out.println(name + "\n" + seen);
    Path file = PAGES.resolve(page);
    String text = Files.readString(file);
    Matcher table =
        Pattern.compile("(?<=<!-- table: " + name + " -->\\n).*?(?=<!-- end -->)", Pattern.DOTALL)
            .matcher(text);
    assertTrue(table.find(), page + " has no table " + name);
    if (Boolean.getBoolean("writeTables")) {
      Files.writeString(file, table.replaceFirst(Matcher.quoteReplacement(seen)));
      return;
    }
    assertEquals(seen.strip(), table.group().strip(), "the table " + name + " of " + page);
  }
}
