package dev.cleanbreak.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of code, and whose it is.
 *
 * @param type the class
 * @param method the method
 * @param file the source file, null if the class does not tell
 * @param line the line, 0 if the class does not tell
 * @param jar the jar, directory or module that the class came from, null if unknown
 * @param coordinates the Maven coordinates {@code group:artifact:version} of that jar; more than
 *     one if it holds several artifacts, none if nobody tells
 * @param told who told the coordinates, or else the version
 * @param version the version of the jar, null if nobody tells or several do
 */
public record Code(
    String type,
    String method,
    @Nullable String file,
    int line,
    @Nullable String jar,
    List<String> coordinates,
    Told told,
    @Nullable String version) {
  public Code {
    coordinates = List.copyOf(coordinates);
  }

  /** As in a stack trace: {@code com.acme.Timer.run(Timer.java:42)}. */
  public String frame() {
    String where = file == null ? "Unknown Source" : line > 0 ? file + ":" + line : file;
    return type + "." + method + "(" + where + ")";
  }
}
