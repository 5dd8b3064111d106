//! How tokens are signed. What is not here does not count: above all neither `none` nor what signs with a shared secret,
//! which a provider's public key would pass for.

use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, VerificationAlgorithm,
};

/// A signature algorithm (RFC 7518, RFC 8037).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    EdDsa,
}

/// What checks a signature.
pub(crate) enum Check {
    /// With a key's two numbers.
    Rsa(&'static RsaParameters),
    /// With a key's bytes.
    Plain(&'static dyn VerificationAlgorithm),
}

impl Algorithm {
    pub(crate) const ALL: [Self; 9] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    pub(crate) fn check(self) -> Check {
        match self {
            Self::Rs256 => Check::Rsa(&RSA_PKCS1_2048_8192_SHA256),
            Self::Rs384 => Check::Rsa(&RSA_PKCS1_2048_8192_SHA384),
            Self::Rs512 => Check::Rsa(&RSA_PKCS1_2048_8192_SHA512),
            Self::Ps256 => Check::Rsa(&RSA_PSS_2048_8192_SHA256),
            Self::Ps384 => Check::Rsa(&RSA_PSS_2048_8192_SHA384),
            Self::Ps512 => Check::Rsa(&RSA_PSS_2048_8192_SHA512),
            Self::Es256 => Check::Plain(&ECDSA_P256_SHA256_FIXED),
            Self::Es384 => Check::Plain(&ECDSA_P384_SHA384_FIXED),
            Self::EdDsa => Check::Plain(&ED25519),
        }
    }
}
