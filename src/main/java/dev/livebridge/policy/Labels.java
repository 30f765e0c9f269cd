package dev.livebridge.policy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The limits of {@code setup.labels}. Gemini's limits are not published. These limits allow a hash in hexadecimal and
 * bound the text that a client can add to the operator's bill.
 */
final class Labels {

    static final int MAX_LABELS = 64;

    private static final int MAX_KEY = 63;
    private static final int MAX_VALUE = 128;

    private Labels() {}

    /** The fault of a label, as the predicate of a sentence; {@code null} if the label is valid. */
    static @Nullable String fault(String key, String value) {
        if (key.isBlank() || key.length() > MAX_KEY) {
            return "must have a key of 1 to " + MAX_KEY + " characters";
        }
        if (value.length() > MAX_VALUE) {
            return "must have a value of at most " + MAX_VALUE + " characters";
        }
        return key.chars().anyMatch(Character::isISOControl) || value.chars().anyMatch(Character::isISOControl)
                ? "must not hold control characters"
                : null;
    }

    /**
     * The operator's labels.
     *
     * @param configured entries of the form {@code key=value}
     * @throws ConfigurationException naming the fault
     */
    static Map<String, String> read(List<String> configured) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String entry : configured) {
            int equals = entry.indexOf('=');
            String key = equals < 0 ? "" : entry.substring(0, equals).strip();
            String value = entry.substring(equals + 1).strip();
            String fault = equals < 0 ? "must look like key=value" : fault(key, value);
            if (fault != null) {
                throw new ConfigurationException(
                        "livebridge.policy.labels: " + Rebuild.quoted(entry) + " " + fault + ".");
            }
            if (labels.put(key, value) != null) {
                throw new ConfigurationException(
                        "livebridge.policy.labels has the key " + Rebuild.quoted(key) + " twice.");
            }
        }
        if (labels.size() > MAX_LABELS) {
            throw new ConfigurationException("livebridge.policy.labels has more than " + MAX_LABELS + " labels.");
        }
        return Map.copyOf(labels);
    }
}
