import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { Button } from '@/components/button';
import { Notice } from '@/components/states';
import { keepWhole } from '@/lib/conversations';
import { chat as words } from '@/lib/messages/chat';
import { errorText } from '@/lib/messages/common';
import { patiently } from '@/lib/patience';
import { toast } from '@/lib/toasts';
import { broughtFromOld, forgetOld, leaveOld, oldConversations } from './old_conversations';

/** Asks once what is to become of what only this browser has. */
export function TakeOver() {
  const cache = useQueryClient();
  const [waiting, setWaiting] = useState(oldConversations);
  const [working, setWorking] = useState(false);
  if (waiting.length === 0) return null;
  const bring = async () => {
    setWorking(true);
    try {
      for (const one of waiting) {
        const body = broughtFromOld(one);
        // The key makes it one conversation, also when two tabs bring it in.
        const bring = () => api.createConversation(body, `browser-${one.id}`);
        if (body.messages?.length) keepWhole(cache, await patiently(bring));
        forgetOld(one.id);
      }
      toast(words.brought);
    } catch (error) {
      toast(errorText(error), { tone: 'danger' });
    }
    setWaiting(oldConversations());
    setWorking(false);
  };
  const leave = () => {
    leaveOld();
    setWaiting([]);
  };
  return (
    <div className="mx-auto w-full max-w-190 px-3 pb-2" data-take-over>
      <Notice>
        <p>{words.onlyHere(waiting.length)}</p>
        <div className="mt-2 flex flex-wrap gap-2">
          <Button look="primary" disabled={working} onClick={() => void bring()}>
            {words.bringIn}
          </Button>
          <Button disabled={working} onClick={leave}>
            {words.leaveThem}
          </Button>
        </div>
      </Notice>
    </div>
  );
}
