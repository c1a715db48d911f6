package dev.cleanbreak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthChallengeTest {
  @Test
  void oneHeaderMayHoldSeveralChallenges() {
    assertEquals(
        List.of(
            new AuthChallenge("negotiate", Map.of()),
            new AuthChallenge("digest", Map.of("realm", "a, Basic b=\"c\"", "stale", "false")),
            new AuthChallenge("basic", Map.of("realm", "d", "charset", "UTF-8"))),
        AuthChallenge.parse(
            "Negotiate, Digest realm=\"a, Basic b=\\\"c\\\"\", stale = false,"
                + " BASIC Realm=\"d\", charset=UTF-8"));
  }

  @Test
  void whatIsNotWellFormedIsPassedOver() {
    assertEquals(List.of(), AuthChallenge.parse(""));
    assertEquals(List.of(), AuthChallenge.parse("=,\"\" ,,realm=x"));
    assertEquals(
        List.of(new AuthChallenge("basic", Map.of("realm", "no end"))),
        AuthChallenge.parse("Basic realm=\"no end"));
    assertEquals(
        List.of(new AuthChallenge("basic", Map.of("realm", "twice"))),
        AuthChallenge.parse("Basic realm=twice, realm=again"));
    assertEquals(
        List.of(new AuthChallenge("basic", Map.of("realm", ""))),
        AuthChallenge.parse("Basic realm="));
    assertEquals(
        List.of(new AuthChallenge("basic", Map.of("realm", "\\"))),
        AuthChallenge.parse("Basic realm=\"\\"));
  }
}
