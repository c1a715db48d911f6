package dev.cleanbreak.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A page of recordings: one HTML file that needs nothing else, no network among it. It is put
 * together of {@code page.html}, {@code page.css} and {@code page.js} and of the recordings as
 * JSON, and draws itself in the browser.
 */
public final class ReportPage {
  private ReportPage() {}

  /**
   * Writes the page.
   *
   * @param recordings what it shows
   * @param most how many cuts it holds; of more, it holds the newest and says so
   * @param summary what it says where there is no JavaScript
   * @param version of what makes it
   * @param made when it is made
   * @param out where it goes; not closed
   * @throws IOException if {@code out} throws it
   */
  public static void write(
      List<Recording> recordings,
      int most,
      String summary,
      String version,
      Instant made,
      Writer out)
      throws IOException {
    StringWriter data = new StringWriter();
    new PageData(recordings, most).write(version, made, data);
    String rest = resource("page.html");
    rest = fill(rest, "/*STYLE*/", resource("page.css"), out);
    rest = fill(rest, "<!--SUMMARY-->", summary.replace("&", "&amp;").replace("<", "&lt;"), out);
    // No text of a recording can end the element that the JSON stands in.
    rest = fill(rest, "/*DATA*/", data.toString().replace("<", "\\u003c"), out);
    rest = fill(rest, "/*SCRIPT*/", resource("page.js"), out);
    out.write(rest);
  }

  /** Writes the page up to a mark, and what belongs there. Returns what follows the mark. */
  private static String fill(String page, String mark, String content, Writer out)
      throws IOException {
    int at = page.indexOf(mark);
    out.write(page, 0, at);
    out.write(content);
    return page.substring(at + mark.length());
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
