import { GetOpenIDConnectProviderCommand, type IAMClient } from '@aws-sdk/client-iam';
import { given } from '../json';
import type { Reader } from './reader';
import { ownTags } from './tags';

export function iamOidcProviderReader(iam: IAMClient): Reader {
  return {
    async read({ physicalId }) {
      const found = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: physicalId }));
      return given({
        ClientIdList: found.ClientIDList?.length ? found.ClientIDList : undefined,
        Tags: ownTags(found.Tags),
        ThumbprintList: found.ThumbprintList?.length ? found.ThumbprintList : undefined,
        // IAM answers it without its scheme.
        Url: found.Url && `https://${found.Url.replace(/^https:\/\//, '')}`,
      });
    },
  };
}
