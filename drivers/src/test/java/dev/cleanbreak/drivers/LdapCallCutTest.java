package dev.cleanbreak.drivers;

import dev.cleanbreak.CancelScope;
import java.util.List;
import javax.naming.NamingException;

/** The LDAP provider, with the requests made by {@link CleanLdap}. */
class LdapCallCutTest extends LdapCuts {
  LdapCallCutTest() {
    super("ldapcall");
  }

  @Override
  <T> T make(CancelScope.ResultBody<T, NamingException> request) throws NamingException {
    return CleanLdap.call(request);
  }

  @Override
  boolean scopeReachesReplies() {
    return true;
  }

  @Override
  List<Place> places(boolean tls) {
    return List.of(Place.BEFORE_REPLY, Place.MID_REPLY, Place.MID_WRITE);
  }
}
