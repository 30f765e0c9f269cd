package dev.livebridge.simulator;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A sum of two whole numbers in a text: the only thing that the simulator works out. */
final class Sum {

    static final String ENGLISH = "\\d{1,4}\\s*(?:\\+|-|\\*|×|plus|minus|times)\\s*\\d{1,4}";
    static final String GERMAN = "\\d{1,4}\\s*(?:plus|minus|mal)\\s*\\d{1,4}";

    private static final Pattern TERM =
            Pattern.compile("(\\d{1,4})\\s*(\\+|-|\\*|×|plus|minus|times|mal)\\s*(\\d{1,4})", Pattern.CASE_INSENSITIVE);

    private Sum() {}

    /** The result of the first sum in a text. */
    static Optional<Integer> in(String text) {
        Matcher term = TERM.matcher(text);
        if (!term.find()) {
            return Optional.empty();
        }
        int left = Integer.parseInt(term.group(1));
        int right = Integer.parseInt(term.group(3));
        return Optional.of(
                switch (term.group(2).toLowerCase(Locale.ROOT)) {
                    case "+", "plus" -> left + right;
                    case "-", "minus" -> left - right;
                    default -> left * right;
                });
    }
}
