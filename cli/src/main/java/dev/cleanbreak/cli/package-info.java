/** The {@code cleanbreak} command and what its subcommands share. */
@NullMarked
package dev.cleanbreak.cli;

import org.jspecify.annotations.NullMarked;
