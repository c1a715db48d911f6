package dev.cleanbreak.agent;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * Defines what stands below {@code inst/} in the agent's jar, and nothing else. No class of the
 * program, and no library of it, is seen from there, or sees it; when the agent goes, it all goes.
 */
final class AgentLoader extends ClassLoader implements Closeable {
  private static final String PREFIX = "inst/";

  private final JarFile jar;

  AgentLoader(File file) throws IOException {
    super("cleanbreak-agent", ClassLoader.getPlatformClassLoader());
    jar = new JarFile(file);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    ZipEntry entry = jar.getEntry(PREFIX + name.replace('.', '/') + ".class");
    if (entry == null) {
      throw new ClassNotFoundException(name);
    }
    try (InputStream in = jar.getInputStream(entry)) {
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  @Override
  public void close() throws IOException {
    jar.close();
  }
}
