/** The commands around the agent: {@code run}, {@code watch} and {@code report}. */
@org.jspecify.annotations.NullMarked
package dev.cleanbreak.cli.agent;
