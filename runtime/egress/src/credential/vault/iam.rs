//! The `aws` login: a request to AWS's token service that we sign and the store sends, to see who signed it.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use portcullis_policy::AuthorizedDestination;
use portcullis_policy::network::{AwsCredential, Origin};
use secrecy::SecretString;
use url::Url;

use crate::client::Pool;
use crate::connection::SetupError;
use crate::credential::CredentialError;
use crate::credential::aws::{AwsKeysSource, Scope, Unsigned, keys, sign};
use crate::credential::cloud::Kept;
use crate::inputs::Inputs;

const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const SERVER_ID: &str = "x-vault-aws-iam-server-id";
/// The region of the global service.
const GLOBAL: &str = "us-east-1";

/// Who signs, and for whom.
pub(super) struct Iam {
    region: Option<String>,
    sts: Option<Origin>,
    server_id: Option<HeaderValue>,
    keys: Kept<AwsKeysSource>,
}

/// Fields of the login.
pub(super) type Fields = Vec<(&'static str, SecretString)>;

impl Iam {
    pub(super) fn new(
        identity: &AwsCredential,
        server_id: Option<&str>,
        inputs: &Arc<dyn Inputs>,
        pool: &Arc<Pool>,
    ) -> Result<Self, SetupError> {
        let server_id = server_id.map(HeaderValue::from_str).transpose();
        let server_id = server_id.map_err(|_| SetupError::Client("no such server_id".to_owned()))?;
        let (region, sts) = (identity.region.clone(), identity.sts.clone());
        Ok(Self { region, sts, server_id, keys: keys(identity, inputs, pool) })
    }

    /// Signs a request anew. Gives the fields of the login, and the texts that must not come back.
    pub(super) async fn fields(
        &self,
        destination: &AuthorizedDestination,
    ) -> Result<(Fields, Vec<SecretString>), CredentialError> {
        let made = self.keys.get(destination).await?;
        let error = |problem| self.keys.asking().error(problem);
        let url = Url::parse(&self.url()).map_err(|_| error("the token service has no URL"))?;
        let mut headers = HeaderMap::new();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, form);
        if let Some(server_id) = &self.server_id {
            headers.insert(HeaderName::from_static(SERVER_ID), server_id.clone());
        }
        let request = Unsigned { method: &Method::POST, url: &url, headers: &headers, body: BODY.as_bytes() };
        let region = self.region.as_deref().unwrap_or(GLOBAL);
        let scope = Scope { keys: &made.keys, region, service: "sts", now: self.keys.now() };
        let signature = sign(&request, &scope).map_err(error)?;
        headers.extend(signature.headers);
        let headers: BTreeMap<&str, [&str; 1]> = headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), [value.to_str().ok()?])))
            .collect();
        let headers = serde_json::to_string(&headers).unwrap_or_default();
        let encoded = |text: &str| SecretString::from(BASE64_STANDARD.encode(text));
        let fields = vec![
            ("iam_http_request_method", "POST".into()),
            ("iam_request_url", encoded(url.as_str())),
            ("iam_request_body", encoded(BODY)),
            ("iam_request_headers", encoded(&headers)),
        ];
        let secret = SecretString::from(made.keys.secret_access_key());
        let token = made.keys.session_token().map(SecretString::from);
        let headers = fields.iter().skip(3).map(|(_, text)| text.clone());
        let secrets = [secret, signature.text].into_iter().chain(token).chain(headers).collect();
        Ok((fields, secrets))
    }

    /// Where the store sends it.
    fn url(&self) -> String {
        match (&self.sts, self.region.as_deref()) {
            (Some(origin), _) => format!("{origin}/"),
            (None, None) => "https://sts.amazonaws.com/".to_owned(),
            (None, Some(region)) if region.starts_with("cn-") => {
                format!("https://sts.{region}.amazonaws.com.cn/")
            }
            (None, Some(region)) => format!("https://sts.{region}.amazonaws.com/"),
        }
    }
}
