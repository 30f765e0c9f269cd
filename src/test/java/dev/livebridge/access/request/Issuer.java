package dev.livebridge.access.request;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * An issuer of valid and invalid JWTs. Its keys are in a directory, because different class loaders load the test and
 * its profile.
 */
public final class Issuer {

    public static final String NAME = "https://issuer.example";
    public static final String AUDIENCE = "livebridge";

    private final PrivateKey privateKey;
    private final PublicKey publicKey;
    private final String kid;

    private Issuer(PrivateKey privateKey, PublicKey publicKey, String kid) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.kid = kid;
    }

    /** Creates an issuer with a new key. */
    public static Issuer create(String kid) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            return new Issuer(pair.getPrivate(), pair.getPublic(), kid);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes the keys. */
    void write(Path directory) throws IOException {
        Files.write(directory.resolve("private"), privateKey.getEncoded());
        Files.write(directory.resolve("public"), publicKey.getEncoded());
    }

    /** Reads the keys of {@link #write}. */
    static Issuer read(Path directory) {
        try {
            KeyFactory rsa = KeyFactory.getInstance("RSA");
            return new Issuer(
                    rsa.generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(directory.resolve("private")))),
                    rsa.generatePublic(new X509EncodedKeySpec(Files.readAllBytes(directory.resolve("public")))),
                    "one");
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The public key in the form of {@code quarkus.oidc.public-key}. */
    public String publicKeyText() {
        return Base64.getEncoder().encodeToString(publicKey.getEncoded());
    }

    /** The public key in the form of a JWKS. */
    public Map<String, Object> jwk() {
        RsaJsonWebKey key = new RsaJsonWebKey((RSAPublicKey) publicKey);
        key.setKeyId(kid);
        key.setUse("sig");
        key.setAlgorithm("RS256");
        return key.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    /** Claims of a token that is valid for a minute, after a change. */
    public static JwtClaims claims(String subject, Consumer<JwtClaims> change) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(NAME);
        claims.setAudience(AUDIENCE);
        claims.setSubject(subject);
        claims.setStringListClaim("groups", List.of("talk"));
        Instant now = Instant.now();
        claims.setIssuedAt(NumericDate.fromSeconds(now.getEpochSecond() - 600));
        claims.setExpirationTime(NumericDate.fromSeconds(now.getEpochSecond() + 60));
        change.accept(claims);
        return claims;
    }

    /** A valid token. */
    public String token(String subject) {
        return token(subject, _ -> {});
    }

    /** A token with a valid signature and changed claims. */
    public String token(String subject, Consumer<JwtClaims> change) {
        return sign(claims(subject, change), AlgorithmIdentifiers.RSA_USING_SHA256, kid, privateKey);
    }

    /** A token with another {@code kid}. */
    String tokenWithKid(String subject, String otherKid) {
        return sign(claims(subject, _ -> {}), AlgorithmIdentifiers.RSA_USING_SHA256, otherKid, privateKey);
    }

    /** A token without a signature. */
    static String unsigned(String subject) {
        return sign(claims(subject, _ -> {}), AlgorithmIdentifiers.NONE, null, null);
    }

    /** A token whose HMAC uses the public key as secret: algorithm confusion. */
    String confused(String subject) {
        return sign(
                claims(subject, _ -> {}), AlgorithmIdentifiers.HMAC_SHA256, kid, new HmacKey(publicKey.getEncoded()));
    }

    private static String sign(
            JwtClaims claims, String algorithm, @Nullable String kid, java.security.@Nullable Key key) {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setPayload(claims.toJson());
            signature.setAlgorithmHeaderValue(algorithm);
            signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
            signature.setDoKeyValidation(false);
            if (kid != null) {
                signature.setKeyIdHeaderValue(kid);
            }
            signature.setKey(key);
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }
}
