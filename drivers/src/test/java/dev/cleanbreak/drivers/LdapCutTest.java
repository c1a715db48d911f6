package dev.cleanbreak.drivers;

import dev.cleanbreak.CancelScope;
import javax.naming.NamingException;

/** The LDAP provider, used as ever. */
class LdapCutTest extends LdapCuts {
  LdapCutTest() {
    super("ldap");
  }

  @Override
  <T> T make(CancelScope.ResultBody<T, NamingException> request) throws NamingException {
    return request.call();
  }

  @Override
  boolean scopeReachesReplies() {
    return false;
  }
}
