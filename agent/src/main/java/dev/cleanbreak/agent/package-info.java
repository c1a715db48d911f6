/**
 * The agent: weaves probes into the JDK's classes, takes the cuts that they see, finds out what
 * they were and whose code made them, and tells.
 */
@NullMarked
package dev.cleanbreak.agent;

import org.jspecify.annotations.NullMarked;
