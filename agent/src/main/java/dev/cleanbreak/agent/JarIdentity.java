package dev.cleanbreak.agent;

import dev.cleanbreak.report.Told;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.InvalidModuleDescriptorException;
import java.lang.module.ModuleDescriptor;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a jar, a directory or a module is.
 *
 * @param name its file name, null if unknown
 * @param coordinates {@code group:artifact:version}; several if the jar holds several artifacts
 * @param told who told the coordinates, or else the version
 * @param version the version, null if nobody tells or several do
 */
record JarIdentity(
    @Nullable String name, List<String> coordinates, Told told, @Nullable String version) {

  static final JarIdentity NONE = new JarIdentity(null, List.of(), Told.UNKNOWN, null);

  /** As Maven, and nearly everybody, names a file: {@code artifact-version.jar}. */
  private static final Pattern FILE_NAME = Pattern.compile("(.+?)-(\\d[^/]*)\\.[a-z]ar");

  private static final Pattern POM_PROPERTIES =
      Pattern.compile("META-INF/maven/[^/]+/[^/]+/pom\\.properties");

  /** Of all these, one: the same if they agree, or else all that they may be. */
  static JarIdentity oneOf(List<JarIdentity> jars) {
    if (jars.isEmpty()) {
      return NONE;
    }
    if (jars.size() == 1) {
      return jars.get(0);
    }
    Set<String> names = new LinkedHashSet<>();
    Set<String> coordinates = new LinkedHashSet<>();
    for (JarIdentity jar : jars) {
      if (jar.name != null) {
        names.add(jar.name);
      }
      coordinates.addAll(jar.coordinates);
    }
    return new JarIdentity(
        String.join(" or ", names), List.copyOf(coordinates), jars.get(0).told, null);
  }

  static JarIdentity ofModule(ModuleDescriptor module) {
    return new JarIdentity(module.name(), List.of(), Told.MODULE, module.rawVersion().orElse(null));
  }

  /**
   * Of a code source: {@code file:/lib/a.jar}, a directory, or a jar in a jar as Spring Boot has
   * it, {@code jar:file:/app.jar!/BOOT-INF/lib/a.jar!/} or, later, {@code
   * jar:nested:/app.jar/!BOOT-INF/lib/a.jar!/}.
   */
  static JarIdentity ofLocation(String location) {
    String path = location;
    for (String scheme : List.of("jar:", "nested:", "file:")) {
      path = path.startsWith(scheme) ? path.substring(scheme.length()) : path;
    }
    String[] parts =
        URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8).split("!", -1);
    File file = new File(parts[0]);
    String inner = parts.length < 2 ? "" : strip(parts[1]);
    if (file.isDirectory()) {
      return new JarIdentity(directoryName(file), List.of(), Told.UNKNOWN, null);
    }
    try (ZipInputStream outer = open(new FileInputStream(file))) {
      if (!inner.endsWith(".jar")) {
        return of(file.getName(), outer);
      }
      for (ZipEntry e = outer.getNextEntry(); e != null; e = outer.getNextEntry()) {
        if (e.getName().equals(inner)) {
          String name = inner.substring(inner.lastIndexOf('/') + 1);
          return of(name, open(outer)).in(file.getName());
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      // Gone, or never a jar: its name is all there is.
    }
    return ofName(inner.endsWith(".jar") ? inner : file.getName());
  }

  private static ZipInputStream open(InputStream in) {
    return new ZipInputStream(new BufferedInputStream(in));
  }

  private static String strip(String path) {
    int begin = path.startsWith("/") ? 1 : 0;
    return path.substring(
        begin, path.length() - (path.length() > begin && path.endsWith("/") ? 1 : 0));
  }

  /** Two words: target/classes says more than classes. */
  private static String directoryName(File directory) {
    File parent = directory.getParentFile();
    return (parent == null ? "" : parent.getName() + "/") + directory.getName() + "/";
  }

  private JarIdentity in(String outer) {
    return new JarIdentity(name + " in " + outer, coordinates, told, version);
  }

  /** In the order of trust: pom.properties, the module's version, the manifest, the name. */
  private static JarIdentity of(String name, ZipInputStream jar) throws IOException {
    List<String> coordinates = new ArrayList<>();
    String moduleVersion = null;
    String manifestVersion = null;
    for (ZipEntry e = jar.getNextEntry(); e != null; e = jar.getNextEntry()) {
      if (POM_PROPERTIES.matcher(e.getName()).matches()) {
        Properties pom = new Properties();
        pom.load(jar);
        coordinates.add(
            pom.getProperty("groupId")
                + ":"
                + pom.getProperty("artifactId")
                + ":"
                + pom.getProperty("version"));
      } else if (e.getName().equals("module-info.class")) {
        moduleVersion = moduleVersion(jar);
      } else if (e.getName().equals("META-INF/MANIFEST.MF")) {
        manifestVersion = manifestVersion(new Manifest(jar).getMainAttributes());
      }
    }
    if (!coordinates.isEmpty()) {
      String only = coordinates.size() == 1 ? coordinates.get(0) : null;
      String version = only == null ? null : only.substring(only.lastIndexOf(':') + 1);
      return new JarIdentity(name, List.copyOf(coordinates), Told.POM_PROPERTIES, version);
    }
    if (moduleVersion != null) {
      return new JarIdentity(name, List.of(), Told.MODULE, moduleVersion);
    }
    if (manifestVersion != null) {
      return new JarIdentity(name, List.of(), Told.MANIFEST, manifestVersion);
    }
    return ofName(name);
  }

  private static @Nullable String moduleVersion(InputStream in) throws IOException {
    try {
      return ModuleDescriptor.read(in).rawVersion().orElse(null);
    } catch (InvalidModuleDescriptorException e) {
      return null;
    }
  }

  private static @Nullable String manifestVersion(Attributes attributes) {
    String version = attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
    return version == null ? attributes.getValue("Bundle-Version") : version;
  }

  private static JarIdentity ofName(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    Matcher matcher = FILE_NAME.matcher(name);
    return matcher.matches()
        ? new JarIdentity(name, List.of(), Told.FILE_NAME, matcher.group(2))
        : new JarIdentity(name, List.of(), Told.UNKNOWN, null);
  }
}
