package dev.cleanbreak.bench;

import dev.cleanbreak.CleanSocketFactory;
import dev.cleanbreak.drivers.DirectoryUnderTest;
import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/** A search that reads one attribute of one entry. */
@SuppressWarnings("BanJNDI") // the name that is looked up is our own
final class LdapTrip implements RoundTrip {
  private static final String ATTRIBUTE = "sn";

  private final DirContext context;

  @SuppressWarnings("JdkObsolete") // JNDI takes no other map
  LdapTrip(int port, boolean clean) throws NamingException {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
    environment.put(Context.PROVIDER_URL, "ldap://127.0.0.1:" + port);
    if (clean) {
      environment.put("java.naming.ldap.factory.socket", CleanSocketFactory.class.getName());
    }
    context = new InitialDirContext(environment);
  }

  @Override
  public void run() throws NamingException {
    Object found =
        context
            .getAttributes(DirectoryUnderTest.SMALL, new String[] {ATTRIBUTE})
            .get(ATTRIBUTE)
            .get();
    if (!"small".equals(found)) {
      throw new IllegalStateException("another entry: " + found);
    }
  }

  @Override
  public void close() throws NamingException {
    context.close();
  }
}
