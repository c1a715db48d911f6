package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No method of ours reaches an implementation of the JDK's beneath: there is none. */
class JdkParityOverridesTest {
  /** What cannot or need not be overridden, and why. */
  private static final Map<String, String> EXEMPT =
      Map.of(
          "ServerSocket.implAccept",
          "final, and protected: only a subclass could call it, and CleanServerSocket is final");

  static Stream<Arguments> classes() {
    return Stream.of(
        Arguments.of(Socket.class, CleanSocket.class),
        Arguments.of(ServerSocket.class, CleanServerSocket.class),
        Arguments.of(DatagramSocket.class, CleanDatagramSocket.class),
        Arguments.of(SocketFactory.class, CleanSocketFactory.class),
        Arguments.of(ServerSocketFactory.class, CleanServerSocketFactory.class));
  }

  @ParameterizedTest
  @MethodSource("classes")
  void everyMethodIsOverridden(Class<?> jdk, Class<?> clean) {
    assertTrue(Modifier.isFinal(clean.getModifiers()), clean + " could be extended past its own");
    Set<String> missing = new TreeSet<>();
    for (Method method : inheritable(jdk)) {
      if (!isOverridden(method, clean)) {
        missing.add(jdk.getSimpleName() + "." + method.getName());
      }
    }
    assertEquals(exemptOf(jdk), missing);
  }

  private static Set<String> exemptOf(Class<?> jdk) {
    Set<String> exempt = new TreeSet<>(EXEMPT.keySet());
    exempt.removeIf(name -> !name.startsWith(jdk.getSimpleName() + "."));
    return exempt;
  }

  private static List<Method> inheritable(Class<?> jdk) {
    List<Method> methods =
        Arrays.stream(jdk.getDeclaredMethods())
            .filter(m -> !Modifier.isStatic(m.getModifiers()) && !m.isSynthetic())
            .filter(
                m -> Modifier.isPublic(m.getModifiers()) || Modifier.isProtected(m.getModifiers()))
            .toList();
    assertTrue(methods.size() > 2, "methods of " + jdk + ": " + methods.size());
    return methods;
  }

  private static boolean isOverridden(Method method, Class<?> clean) {
    try {
      clean.getDeclaredMethod(method.getName(), method.getParameterTypes());
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }
}
