package dev.cleanbreak.cli.demo;

import java.io.Serializable;

/** What the client process tells the demo of one cell. */
sealed interface Report extends Serializable permits Row, Failure {
  Cell cell();
}
