package dev.cleanbreak.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cleanbreak.report.Told;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who tells what a jar is, in the order of trust. */
class JarIdentityTest {
  @TempDir Path folder;

  @Test
  void pomPropertiesTellAll() throws IOException {
    Path jar = write("driver-9.jar", zip(Map.of(pom("driver"), properties("driver", "1.4"))));
    assertEquals(
        new JarIdentity("driver-9.jar", List.of("com.acme:driver:1.4"), Told.POM_PROPERTIES, "1.4"),
        JarIdentity.ofLocation(jar.toUri().toString()));
  }

  @Test
  void aJarOfSeveralArtifactsListsThemAndGuessesNothing() throws IOException {
    Path jar =
        write(
            "all-1.jar",
            zip(
                new TreeMap<>(
                    Map.of(pom("a"), properties("a", "1"), pom("b"), properties("b", "2")))));
    assertEquals(
        new JarIdentity(
            "all-1.jar", List.of("com.acme:a:1", "com.acme:b:2"), Told.POM_PROPERTIES, null),
        JarIdentity.ofLocation(jar.toUri().toString()));
  }

  @Test
  void elseTheManifestAndElseTheName() throws IOException {
    String manifest = "Manifest-Version: 1.0\nImplementation-Version: 3.1\n\n";
    Path told = write("x-2.jar", zip(Map.of("META-INF/MANIFEST.MF", bytes(manifest))));
    Path silent = write("my lib+x-2.0-rc1.jar", zip(Map.of("a", bytes(""))));
    assertEquals(
        new JarIdentity("x-2.jar", List.of(), Told.MANIFEST, "3.1"),
        JarIdentity.ofLocation(told.toUri().toString()));
    assertEquals(
        new JarIdentity("my lib+x-2.0-rc1.jar", List.of(), Told.FILE_NAME, "2.0-rc1"),
        JarIdentity.ofLocation(silent.toUri().toString()));
  }

  @Test
  void aJarInAJarOfSpringBootIsFoundThere() throws IOException {
    byte[] inner = zip(Map.of(pom("driver"), properties("driver", "1.4")));
    Path app = write("app-1.jar", zip(Map.of("BOOT-INF/lib/driver-1.4.jar", inner)));
    JarIdentity expected =
        new JarIdentity(
            "driver-1.4.jar in app-1.jar",
            List.of("com.acme:driver:1.4"),
            Told.POM_PROPERTIES,
            "1.4");
    String path = app.toUri().getRawPath();
    assertEquals(
        expected, JarIdentity.ofLocation("jar:file:" + path + "!/BOOT-INF/lib/driver-1.4.jar!/"));
    assertEquals(
        expected, JarIdentity.ofLocation("jar:nested:" + path + "/!BOOT-INF/lib/driver-1.4.jar!/"));
  }

  @Test
  void theApplicationsOwnClassesInItAreItself() throws IOException {
    Path app = write("app-1.jar", zip(Map.of(pom("app"), properties("app", "1"))));
    assertEquals(
        List.of("com.acme:app:1"),
        JarIdentity.ofLocation("jar:nested:" + app.toUri().getRawPath() + "/!BOOT-INF/classes/!/")
            .coordinates());
  }

  @Test
  void aDirectoryAndAFileThatIsGoneHaveANameAtMost() {
    assertEquals(
        new JarIdentity(
            folder.getParent().getFileName() + "/" + folder.getFileName() + "/",
            List.of(),
            Told.UNKNOWN,
            null),
        JarIdentity.ofLocation(folder.toUri().toString()));
    assertEquals(
        new JarIdentity("gone-1.2.jar", List.of(), Told.FILE_NAME, "1.2"),
        JarIdentity.ofLocation("file:/nowhere/gone-1.2.jar"));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static String pom(String artifact) {
    return "META-INF/maven/com.acme/" + artifact + "/pom.properties";
  }

  private static byte[] properties(String artifact, String version) {
    return bytes("groupId=com.acme\nartifactId=" + artifact + "\nversion=" + version + "\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }
}
