package dev.cleanbreak;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's networking properties: a system property, or else what {@code conf/net.properties} of
 * the running JDK says.
 */
final class NetProperties {
  private static final Properties DEFAULTS = load();

  private NetProperties() {}

  static @Nullable String get(String name) {
    return System.getProperty(name, DEFAULTS.getProperty(name));
  }

  private static Properties load() {
    Properties defaults = new Properties();
    Path file = Path.of(System.getProperty("java.home", ""), "conf", "net.properties");
    try (Reader in = Files.newBufferedReader(file)) {
      defaults.load(in);
    } catch (IOException | IllegalArgumentException ignored) {
      // Like the JDK: without the file, or with a broken one, there are no defaults.
    }
    return defaults;
  }
}
