'use client';
import { useAuthState, useGatehouse } from '@gatehouse/client/react';
import { useEffect, useState } from 'react';
import { loadOrders } from './orders';
import { SignIn } from './sign-in';

export function Account() {
  const { status, user } = useAuthState();
  const gatehouse = useGatehouse();
  if (status === 'loading') return null;
  if (status === 'signed-out') return <SignIn />;
  return (
    <>
      <p>Signed in as {user.email}</p>
      <Orders key={user.id} />
      <button type="button" onClick={() => gatehouse.logout()}>
        Log out
      </button>
    </>
  );
}

function Orders() {
  const gatehouse = useGatehouse();
  const [orders, setOrders] = useState('');
  useEffect(() => {
    gatehouse
      .getAccessToken()
      .then((token = '') => loadOrders(token))
      .then(setOrders, () => setOrders('The orders cannot be loaded.'));
  }, [gatehouse]);
  return <p>{orders}</p>;
}
